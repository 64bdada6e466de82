// Queue: the head's box selects the rows of this page; the bar at the foot counts them and adds up their amounts.
const bar = document.querySelector("[data-selection]");
if (bar) {
  const form = bar.closest("form");
  const rows = [...form.querySelectorAll("[data-row]")];
  const head = form.querySelector("[data-rows-all]");
  const matching = form.querySelector("[data-matching-url]");
  const money = bar.querySelector("[data-selection-money]");
  // Cents as integers: no rounding of binary fractions.
  const cents = (text) => Math.round(Number(text) * 100);
  const yuan = (sum) => (sum / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  // Number and sum of all that match: counted by the server, once, when somebody selects them all.
  let found = null;
  const countMatching = async () => {
    const answer = await fetch(matching.dataset.matchingUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    found = await answer.json();
    refresh();
  };

  const refresh = () => {
    const all = Boolean(matching?.checked);
    if (all && !found) countMatching();
    const chosen = rows.filter((row) => row.checked);
    const count = all ? Number(found?.count ?? 0) : chosen.length;
    const sum = all
      ? cents(found?.total ?? 0)
      : chosen.reduce((total, row) => total + cents(row.dataset.amount ?? 0), 0);
    bar.querySelector("[data-selection-text]").hidden = all && !found;
    bar.querySelector("[data-selection-count]").textContent = count.toLocaleString("zh-CN");
    bar.querySelector("[data-selection-sum]").textContent = yuan(sum);
    money.hidden = !rows.some((row) => row.dataset.amount);
    rows.forEach((row) => (row.disabled = all));
    if (head) {
      head.disabled = all;
      head.checked = rows.length > 0 && chosen.length === rows.length;
      head.indeterminate = chosen.length > 0 && chosen.length < rows.length;
    }
  };

  head?.addEventListener("change", () => {
    rows.forEach((row) => (row.checked = head.checked));
    refresh();
  });
  form.addEventListener("change", refresh);
  window.addEventListener("pageshow", refresh);
  // Ticked before this script had arrived.
  if (head?.checked) rows.forEach((row) => (row.checked = true));
  refresh();
}
