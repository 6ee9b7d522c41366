/** Differences from the recorded answers that are right, with the reason in differences.md. Scenario → patterns of the differences. */
export const REST_DIFFERENCES: Readonly<Record<string, readonly RegExp[]>> = {};
