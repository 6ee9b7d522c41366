/** What a step says: before something is done, and once it has come about. */
export interface StepTexts {
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

interface ChapterTexts {
  readonly title: string;
  readonly intro: string;
  readonly steps: readonly StepTexts[];
  /** What is to be remembered. */
  readonly end: string;
}

export interface TourTexts {
  readonly chapters: readonly ChapterTexts[];
}
