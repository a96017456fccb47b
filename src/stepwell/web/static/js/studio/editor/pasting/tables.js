// Tables of pasted HTML as Markdown can hold them: one row of headings, cells of one line, none of
// them joined. A table of a single cell is a frame around its content.
const cellsOf = (row) => [...row.children].filter((each) => /^t[dh]$/.test(each.localName));

export function isFrame(table) {
  const cells = [...table.rows].flatMap(cellsOf);
  return cells.length < 2 || Boolean(table.querySelector("table"));
}

// `fill` writes the content of a cell into its paragraph; `alignment` tells how a cell is aligned.
export function table(source, page, fill, alignment) {
  const rows = [];
  for (const [number, row] of [...source.rows].entries()) {
    rows[number] ??= [];
    let column = 0;
    for (const cell of cellsOf(row)) {
      while (rows[number][column] !== undefined) column += 1;
      for (let down = 0; down < Math.min(cell.rowSpan || 1, source.rows.length - number); down += 1) {
        rows[number + down] ??= [];
        for (let across = 0; across < Math.min(cell.colSpan, 100); across += 1) rows[number + down][column + across] = down || across ? null : cell;
      }
    }
  }
  // Spreadsheets send empty rows and columns around what was marked.
  const isFilled = (cell) => Boolean(cell && (cell.textContent.trim() || cell.querySelector("img")));
  const kept = rows.filter((row) => row.some(isFilled));
  const width = Math.max(0, ...kept.map((row) => row.findLastIndex(isFilled) + 1));
  if (!kept.length || !width) return null;
  const made = page.createElement("table");
  const body = made.appendChild(page.createElement("tbody"));
  for (const [number, row] of kept.entries()) {
    const line = body.appendChild(page.createElement("tr"));
    for (let column = 0; column < width; column += 1) {
      const cell = line.appendChild(page.createElement(number ? "td" : "th"));
      const paragraph = cell.appendChild(page.createElement("p"));
      const source = row[column];
      if (!source) continue;
      fill(source, paragraph, { isHeading: !number });
      const align = alignment(source);
      if (align) cell.setAttribute("align", align);
    }
  }
  return made;
}
