// On a phone the pages of the settings, and everywhere many markets, stand in a row that scrolls: the one that is open is brought into sight.

for (const row of document.querySelectorAll(".settings-nav, .tabs")) {
  const current = row.querySelector("[aria-current]");
  if (current && row.scrollWidth > row.clientWidth) {
    const shift = current.getBoundingClientRect().left - row.getBoundingClientRect().left;
    row.scrollLeft += shift - (row.clientWidth - current.clientWidth) / 2;
  }
}
