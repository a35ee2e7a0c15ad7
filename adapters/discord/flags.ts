// Flags of a message.

/** A growing answer with previews of its links would jump. */
export const suppressEmbeds = 1 << 2;
/** For one pair of eyes. */
export const ephemeral = 1 << 6;
