/** Errors that only wrong code makes: to try again would not help. */
const defects = [TypeError, RangeError, ReferenceError, SyntaxError, URIError];

export const isDefect = (error: unknown): boolean => defects.some((kind) => error instanceof kind);
