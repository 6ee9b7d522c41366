import type { KubeObject } from '../types.js';

/** An expression of CEL, which kwok takes besides jq, and which is refused here. */
interface CelExpression {
  expression?: string;
}

/** Where a value is taken from: what a query of jq's gives for the object. Older stages say it in `expressionFrom`. */
export interface ExpressionSource {
  expressionFrom?: string;
  jq?: { expression?: string };
  cel?: CelExpression;
}

export interface Requirement {
  /** A query of jq's. */
  key?: string;
  operator?: string;
  values?: string[];
}

/** Newer stages say that it is jq. */
export interface StageRequirement extends Requirement {
  jq?: Requirement;
  cel?: CelExpression;
}

/** A change of the object by what a template makes of it. */
export interface StagePatch {
  subresource?: string;
  /** Under which field of the object the outcome stands; absent: it is the patch as a whole. */
  root?: string;
  template?: string;
  type?: 'json' | 'merge' | 'strategic';
  impersonation?: { username: string };
}

export interface StageFinalizers {
  add?: { value?: string }[];
  remove?: { value?: string }[];
  empty?: boolean;
}

export interface StageEvent {
  type?: string;
  reason?: string;
  /** A template. */
  message?: string;
}

/** What happens, all at once. */
interface StageNext {
  event?: StageEvent;
  finalizers?: StageFinalizers;
  delete?: boolean;
  patches?: StagePatch[];
  statusTemplate?: string;
  statusSubresource?: string;
  statusPatchAs?: { username: string };
}

/** One of the things that happen, one after the other. */
export interface StageStep {
  event?: StageEvent;
  finalizers?: StageFinalizers;
  delete?: boolean;
  patch?: StagePatch;
}

/** A step in the life of objects of a kind, as kwok has it: what it is for, after how long it comes, and what it does. */
export interface Stage extends KubeObject {
  spec: {
    resourceRef: { apiGroup?: string; kind: string };
    selector?: {
      matchLabels?: Record<string, string>;
      matchAnnotations?: Record<string, string>;
      matchExpressions?: StageRequirement[];
    };
    weight?: number;
    weightFrom?: ExpressionSource;
    delay?: {
      durationMilliseconds?: number;
      durationFrom?: ExpressionSource;
      jitterDurationMilliseconds?: number;
      jitterDurationFrom?: ExpressionSource;
    };
    /** This, or steps. */
    next?: StageNext;
    steps?: StageStep[];
    immediateNextStage?: boolean;
  };
}
