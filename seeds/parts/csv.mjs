// Writing and reading CSV: UTF-8, commas, LF, quotes only where a field needs them.

const quoted = (field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

export function toCsv(columns, rows) {
  const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  return lines.map((fields) => fields.map(quoted).join(',')).join('\n') + '\n';
}

/** The rows of a CSV text as objects keyed by its header. */
export function parseCsv(text) {
  const records = [];
  let record = [];
  let field = '';
  let inQuotes = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (inQuotes) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') { field += '"'; i += 1; } else inQuotes = false;
    } else if (c === '"') inQuotes = true;
    else if (c === ',') { record.push(field); field = ''; } else if (c === '\n') {
      record.push(field);
      records.push(record);
      record = [];
      field = '';
    } else field += c;
  }
  if (inQuotes || field !== '' || record.length > 0) throw new Error('the file does not end with a whole line');
  const [header, ...body] = records;
  return body.map((fields, n) => {
    if (fields.length !== header.length) throw new Error(`row ${n + 1} has ${fields.length} fields, not ${header.length}`);
    return Object.fromEntries(header.map((name, column) => [name, fields[column]]));
  });
}
