/** What a template consists of. */
export type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly pipe: Pipe }
  | Choice
  | {
      readonly type: 'range';
      readonly pipe: Pipe;
      readonly body: List;
      readonly otherwise: List | undefined;
    }
  | { readonly type: 'break' | 'continue' }
  | { readonly type: 'template'; readonly name: string; readonly pipe: Pipe | undefined; readonly line: number };

/** What is done if something is there. */
interface Choice {
  readonly type: 'if' | 'with';
  readonly pipe: Pipe;
  readonly body: List;
  readonly otherwise: List | undefined;
}

export type List = readonly Node[];

/** Commands, each of which gets what came of the one before. */
export interface Pipe {
  readonly line: number;
  /** Names of variables that get the outcome: one, or in a range two. */
  readonly variables: readonly string[];
  /** Whether these are there already. */
  readonly assigns: boolean;
  readonly commands: readonly (readonly [Operand, ...Operand[]])[];
}

/** A part of a command: what it calls, or an argument. */
export type Operand =
  | { readonly type: 'dot' }
  | { readonly type: 'nil' }
  | { readonly type: 'constant'; readonly value: unknown }
  | { readonly type: 'field'; readonly path: readonly string[] }
  | { readonly type: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'chain'; readonly of: Operand; readonly path: readonly string[] }
  | { readonly type: 'pipe'; readonly pipe: Pipe };
