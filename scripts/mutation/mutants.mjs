/**
 * What a rule can be broken into: every mutant of a source file, and the file with all of them in it, of which a switch turns on
 * one at a time.
 */
import { parseSync } from 'vite';

/** Operators, and what is put in their place. */
const OPERATORS = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
};

/** Methods, and what is called in their place. */
const METHODS = { some: 'every', every: 'some', min: 'max', max: 'min' };
/** Methods that can be left out: what they are called on takes the place of the call. */
const PASSING = new Set(['filter', 'sort', 'slice', 'reverse', 'trim']);

/**
 * @param {string} file its name, for messages
 * @param {string} code TypeScript
 * @param {number} first number of the first mutant
 * @returns {{ code: string, mutants: { id: number, line: number, from: string, to: string }[] }}
 */
export function mutate(file, code, first) {
  const { program, errors } = parseSync(file, code, { lang: 'ts', range: true });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const mutants = [];
  const memories = new Set(program.body.flatMap(memoriesOf));
  /** Edits: text to put before and after a stretch of the code. The outer ones of two that begin together come first. */
  const edits = [];
  const textOf = node => code.slice(node.start, node.end);
  const lineOf = node => code.slice(0, node.start).split('\n').length;

  /** In the place of an expression: the mutants' expressions, each behind its switch, and last itself. */
  function replace(node, texts) {
    const ids = texts.map(to => {
      const id = first + mutants.length;
      mutants.push({ id, line: lineOf(node), from: short(textOf(node)), to: short(to) });
      return id;
    });
    const before = texts.map((to, i) => `__mutant(${ids[i]}) ? (${to}) : `).join('');
    edits.push({ start: node.start, end: node.end, before: `(${before}(`, after: '))' });
  }

  /** A statement that can be left out. */
  function omit(node) {
    const id = first + mutants.length;
    mutants.push({ id, line: lineOf(node), from: short(textOf(node)), to: '(left out)' });
    edits.push({ start: node.start, end: node.end, before: `if (!__mutant(${id})) {`, after: '}' });
  }

  function visit(node, parent, key) {
    if (!node || typeof node.type !== 'string' || node.type.startsWith('TS')) {
      if (node?.type === 'TSAsExpression' || node?.type === 'TSNonNullExpression')
        visit(node.expression, node, 'expression');
      return;
    }
    // A type predicate and the like would not survive; a string that names a file must not change.
    if (node.type.startsWith('Import') || node.type === 'ExportAllDeclaration') return;
    const { type } = node;
    const texts = [];
    if (type === 'BinaryExpression' || type === 'LogicalExpression') {
      const [left, right] = [textOf(node.left), textOf(node.right)];
      for (const operator of OPERATORS[node.operator] ?? []) texts.push(`(${left}) ${operator} (${right})`);
    }
    if (type === 'UnaryExpression' && node.operator === '!') texts.push(textOf(node.argument));
    if (isCondition(node, parent, key)) texts.push('true', 'false');
    if (
      type === 'CallExpression' &&
      node.callee.type === 'MemberExpression' &&
      !node.callee.computed &&
      !node.optional
    ) {
      const { name } = node.callee.property;
      const args = code.slice(node.callee.end, node.end);
      const on = textOf(node.callee.object);
      if (name in METHODS && !node.callee.optional) texts.push(`${on}.${METHODS[name]}${args}`);
      if (PASSING.has(name) && !node.callee.optional) texts.push(on);
    }
    if (type === 'Literal' && !isName(parent, key)) {
      if (typeof node.value === 'number') texts.push(String(node.value + 1));
      else if (typeof node.value === 'boolean') texts.push(String(!node.value));
      else if (typeof node.value === 'string') texts.push(node.value === '' ? "'mutant'" : "''");
    }
    if (texts.length > 0) replace(node, texts);
    if (memories.has(node)) edits.push({ start: node.start, end: node.end, before: '__memory(', after: ')' });
    if (
      type === 'ExpressionStatement' &&
      (parent.type === 'BlockStatement' || parent.type === 'SwitchCase') &&
      !isSuper(node)
    )
      omit(node);
    if (type === 'ThrowStatement' || type === 'ContinueStatement') omit(node);
    for (const [name, value] of Object.entries(node)) {
      if (name === 'typeAnnotation' || name === 'returnType' || name === 'typeParameters' || name === 'typeArguments')
        continue;
      for (const child of Array.isArray(value) ? value : [value])
        if (child && typeof child === 'object') visit(child, node, name);
    }
  }
  visit(program, undefined, '');
  return { code: `${apply(code, edits)}\n`, mutants };
}

const short = text => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 87)}…` : line;
};

const isSuper = ({ expression }) => expression.type === 'CallExpression' && expression.callee.type === 'Super';

/** What a module keeps to remember what it was asked, of the variables of a statement: maps that begin empty. */
const memoriesOf = ({ declarations = [] }) =>
  declarations
    .map(({ init }) => init)
    .filter(init => init?.type === 'NewExpression' && init.arguments.length === 0 && /Map$/.test(init.callee.name));

/** What is asked whether it holds. Comparisons are broken anyhow. */
function isCondition(node, parent, key) {
  if (key !== 'test' || !parent) return false;
  if (parent.type !== 'IfStatement' && parent.type !== 'ConditionalExpression') return false;
  return node.type !== 'BinaryExpression';
}

/** A string that is a name rather than a value. */
function isName(parent, key) {
  return (parent?.type === 'Property' && key === 'key') || (parent?.type === 'PropertyDefinition' && key === 'key');
}

/** Carries out edits, which nest but never overlap otherwise. */
function apply(code, edits) {
  const marks = edits.flatMap(({ start, end, before, after }, i) => [
    { at: start, text: before, closes: false, span: end - start, i },
    { at: end, text: after, closes: true, span: end - start, i },
  ]);
  // At the same place: what ends comes before what begins, inner ends before outer ones, outer beginnings before inner ones.
  marks.sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    if (a.closes !== b.closes) return a.closes ? -1 : 1;
    return a.closes ? a.span - b.span || b.i - a.i : b.span - a.span || a.i - b.i;
  });
  let result = '';
  let at = 0;
  for (const mark of marks) {
    result += code.slice(at, mark.at) + mark.text;
    at = mark.at;
  }
  return result + code.slice(at);
}
