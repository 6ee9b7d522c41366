/** The clock of a cluster, as the server tells of it. */
export interface ClockFacts {
  /** How many seconds of it a second of the machine's is; 0 if it stands still. */
  readonly rate: number;
  readonly time: string;
}

const FIELDS = 'clock { rate time }';

export const CLOCK = `query Clock { cluster { ${FIELDS} } }`;
export const SET_CLOCK = `mutation SetClock($rate: Float!) { moved: setClock(rate: $rate) { ${FIELDS} } }`;
export const ADVANCE = `mutation Advance($by: String!) { moved: advance(by: $by) { ${FIELDS} } }`;
