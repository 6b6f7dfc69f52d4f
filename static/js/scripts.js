// Tells the stylesheet, before the first paint, that scripts run: only then may things fold.
document.documentElement.classList.add("scripts");
