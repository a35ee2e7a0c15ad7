/** One question on its way to Coze. */
export interface Call {
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/** How many questions Coze takes in, as far as that is known. Times are in milliseconds, by one clock. */
export interface Intake {
  /** How long the next question has to wait. */
  waitMs(now: number): number;
  sent(now: number): Call;
  /** Coze answers it. */
  taken(call: Call, now: number): void;
  /** Coze's limit has kept it out. */
  refused(call: Call, now: number, retryAfterMs?: number): void;
  /** What has become of it is known, or will not be. */
  ended(call: Call): void;
  /** A limit is known of. */
  readonly isLimited: boolean;
  /** Nothing was taken for so long that it is no limit which keeps the questions out. */
  isVain(now: number): boolean;
}

const secondMs = 1_000;
const minuteMs = 60_000;

/** What any account is allowed at once: the free plan has 20 a second (https://www.coze.cn/docs/developer_guides/coze_api_overview). */
const fewest = 10;

/** Coze's limits are by the second or by the minute: whoever asks for longer silence is asked again meanwhile. */
const longestSilenceMs = 30_000;

/** What a limit known of is changed by: a little more with each second, as others may leave some, and less when refused. */
const moreEachSecond = 0.5;
const lessWhenRefused = 0.9;

/**
 * Nobody says what the limit of an account is, nor who else uses that up. So as many may be out as were taken in the last
 * second, and a few more: that doubles with each answer, and what is refused at last is about as much as was taken. From
 * then on questions are sent one by one, as many a second as were taken before. A minute without a refusal forgets that.
 */
export function createIntake(): Intake {
  /** Sent within the last second, or with a limit known of, and not answered yet. The oldest first. */
  const out = new Set<Call>();
  let takenAt: number[] = [];
  let perSecond: number | undefined;
  /** When the next one may go, with a limit known of. */
  let nextAt = 0;
  let learnedAt = 0;
  let changedAt = 0;
  let refusedAt = 0;
  let closedUntil = 0;
  let vainSince: number | undefined;
  let lookedAt = 0;

  function forget(now: number): void {
    // The clock of the machine was set back: all that is known would hold until it is there again.
    if (now < lookedAt) refusedAt = closedUntil = 0;
    lookedAt = now;
    if (now - refusedAt >= minuteMs) {
      perSecond = undefined;
      vainSince = undefined;
    }
    takenAt = takenAt.filter((at) => at > now - secondMs);
    for (const call of out) {
      if (call.sentAt > now - secondMs) break;
      out.delete(call);
    }
  }

  function learn(call: Call, now: number): void {
    if (perSecond === undefined) {
      perSecond = Math.max(1, takenAt.length);
      learnedAt = now;
      closedUntil = now + secondMs;
      nextAt = closedUntil;
    } else if (call.sentAt >= changedAt + secondMs) perSecond = Math.max(1, perSecond * lessWhenRefused);
    // Those that were sent within a second of it do not show yet what it does.
    else return;
    changedAt = now;
  }

  return {
    waitMs(now) {
      forget(now);
      if (now < closedUntil) return closedUntil - now;
      if (perSecond !== undefined) return Math.max(0, nextAt - now);
      if (out.size < fewest + takenAt.length) return 0;
      const [oldest] = out;
      return oldest ? oldest.sentAt + secondMs - now : 0;
    },
    sent(now) {
      const call = { sentAt: now };
      out.add(call);
      if (perSecond !== undefined) {
        const everyMs = secondMs / perSecond;
        // One that goes late does not delay all that follow.
        nextAt = Math.max(nextAt, now - everyMs) + everyMs;
      }
      return call;
    },
    taken(call, now) {
      out.delete(call);
      takenAt.push(now);
      vainSince = undefined;
      // It was taken before the others were refused, though it is heard of later.
      if (perSecond !== undefined) perSecond += call.sentAt <= learnedAt ? 1 : moreEachSecond / perSecond;
    },
    refused(call, now, retryAfterMs = 0) {
      forget(now);
      out.delete(call);
      learn(call, now);
      refusedAt = now;
      vainSince ??= now;
      closedUntil = Math.max(closedUntil, now + Math.min(retryAfterMs, longestSilenceMs));
    },
    ended: (call) => void out.delete(call),
    get isLimited() {
      return perSecond !== undefined;
    },
    isVain: (now) => vainSince !== undefined && now - vainSince >= minuteMs,
  };
}
