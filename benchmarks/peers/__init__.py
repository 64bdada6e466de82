"""What a bureau could build on instead, written the way its documentation shows."""
