// Says that scripts run, so that the sheet may fold what can be unfolded again.
document.documentElement.classList.add("js");
