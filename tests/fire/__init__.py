"""Under fire: real servers, real processes, and the harm that the guards prevent."""

# Cases that a worker under fire decides in one transaction.
CHUNK = 4
