// How long what is over is kept. What the README says of it is from here.

/** How long the ids of messages and resets are known again: longer than a platform redelivers (Telegram: 24 h). */
export const knownForMs = 25 * 60 * 60 * 1_000;

/** How long it is known what the last question of a line has come to. */
export const answeredForMs = 10 * 60 * 1_000;

/** How long our own messages are known. */
export const postsKnownForMs = 60 * 60 * 1_000;

/** How long an id is claimed by whoever looks whether it is a lost post. */
export const claimedForMs = 60 * 1_000;

/** How long an answer can be followed after its end; before that, as long as the id of its question is known. */
export const feedKeptForMs = 60 * 60 * 1_000;

/** How long a session is known after it was last asked in. */
export const sessionKeptForMs = 90 * 24 * 60 * 60 * 1_000;

/** How long a suggested question can be asked with its button. */
export const suggestedForMs = 7 * 24 * 60 * 60 * 1_000;
