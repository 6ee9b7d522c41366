import type { Cell, Column, Printer } from '../definition.js';
import { isObject } from '../json.js';
import { age } from '../printing/age.js';
import { AGE, NAME, type PrintedColumn, printer } from '../printing/printer.js';
import { parseJsonPath } from './json-path.js';
import type { CustomResource, PrinterColumn } from './types.js';

/** How the objects of a custom kind are printed: by name, and the columns of its definition, or age if that has none. */
export function customPrinter(columns: readonly PrinterColumn[] = []): Printer<CustomResource> {
  return printer<CustomResource>(
    NAME,
    ...(columns.length > 0 ? columns.map(customColumn) : [{ ...AGE, type: 'date' as const }]),
  );
}

function customColumn(column: PrinterColumn): PrintedColumn<CustomResource> {
  const { name = '', type = 'string', format, description = '', priority = 0, jsonPath = '' } = column;
  const path = parseJsonPath(jsonPath);
  return {
    name,
    type: type as Column['type'],
    ...(format ? { format } : {}),
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority: priority > 0 ? 1 : 0,
    cell: (object, now) => {
      const [value] = path?.(object) ?? [];
      return value === undefined ? null : cellOf(type, value, now);
    },
  };
}

/** What a column of a type shows of a value: nothing, where it is of another type. */
function cellOf(type: string, value: unknown, now: number): Cell {
  switch (type) {
    case 'string':
      return textOf(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : age(value, now);
    default:
      return null;
  }
}

/** As kubectl's JSONPath prints: objects and lists as JSON, all else as it is. */
function textOf(value: unknown): Cell {
  if (value === null) return null;
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
}
