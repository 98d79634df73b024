// Light, dark, or as the system has it: kept in a cookie, which the server reads, so that no page flashes.

document.addEventListener("change", ({ target }) => {
  if (target.name !== "theme") return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${target.value}; path=/; max-age=${target.value ? 31_536_000 : 0}; SameSite=Lax${secure}`;
  if (target.value) document.documentElement.dataset.theme = target.value;
  else delete document.documentElement.dataset.theme;
});
