// Flags of a message.

/** A growing answer with previews of its links would jump. */
export const suppressEmbeds = 1 << 2;
/** Nobody is notified of it. */
export const suppressNotifications = 1 << 12;
/** For one pair of eyes. */
export const ephemeral = 1 << 6;
