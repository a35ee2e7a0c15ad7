/** What the processes of the bridge tell the one that measures them. */
export type Told =
  /** The test platform has heard a question of this number, and it is safe in the store. */
  | { readonly kind: 'asked'; readonly number: number }
  /** It could not be stored. */
  | { readonly kind: 'refused'; readonly number: number; readonly reason: string }
  /** The turn has ended with this text, in so many messages. */
  | { readonly kind: 'answered'; readonly number: number; readonly text: string; readonly posts: number }
  /** Of the last second. */
  | {
      readonly kind: 'usage';
      readonly heapBytes: number;
      readonly loopP99Ms: number;
      readonly loopMaxMs: number;
    };

export function tell(told: Told): void {
  if (!process.send) throw new Error('this is started by bench/soak.ts');
  process.send(told);
}
