// On a phone the pages of the settings stand in a row that scrolls: the one that is open is brought into sight.

const row = document.querySelector(".settings-nav");
const current = row?.querySelector("[aria-current]");

if (current && row.scrollWidth > row.clientWidth) {
  const shift = current.getBoundingClientRect().left - row.getBoundingClientRect().left;
  row.scrollLeft += shift - (row.clientWidth - current.clientWidth) / 2;
}
