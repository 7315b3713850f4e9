// The list of what waits: a click anywhere on a row opens it.
import { all, find } from "../archive/page.js";

for (const row of all("tr.link")) {
  row.addEventListener("click", (event) => {
    if (!event.target.closest("a") && !getSelection().toString()) find("a", row).click();
  });
}
