/** Something that goes wrong for a while: it is told once when it begins, and once when it is over. */
export interface Episode {
  readonly isOn: boolean;
  begin(fields?: object): void;
  end(): void;
}

type Tell = (fields: object) => void;

export function createEpisode(tell: { readonly begin: Tell; readonly end: Tell }): Episode {
  let isOn = false;
  return {
    get isOn() {
      return isOn;
    },
    begin(fields = {}) {
      if (!isOn) tell.begin(fields);
      isOn = true;
    },
    end() {
      if (isOn) tell.end({});
      isOn = false;
    },
  };
}
