import type { Node } from '../resources/types.js';

/** What stages need to know of the machines that pods run on. */
export interface StageHost {
  /** The version that nodes report. */
  readonly version: string;
  /** The address of a node: its own, or one that it may have. */
  nodeIP(node: Node | undefined): string | undefined;
  /** An address that a new pod of the node may have. */
  podIP(node: Node | undefined): string | undefined;
  /** Whether nothing happens on the node: its machine is down. */
  isDown(node: Node): boolean;
  /** When that may become otherwise by itself; whether that comes round for ever. */
  nextChange(node: Node): { readonly at: number; readonly comesRound: boolean } | undefined;
  /** Hears when it may have become otherwise for any node. */
  onChange(listener: () => void): void;
}
