/** The height of the line above a group of nodes, in CSS pixels. */
export const HEADING = 30;
