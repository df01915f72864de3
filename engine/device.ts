// What runs tensors in a run, as far as the engine knows: a name that it passes on, and a clause for people.

/** A device that was looked at before anything ran. */
export interface ChosenDevice {
  readonly device: string;
  /** Why it is this one, where none was asked for: a clause. */
  readonly deviceReason?: string;
}

/**
 * Looks at the device of a name, or with none chooses one, before anything runs. A KithError (exit code 2) for one that is unknown or not here.
 */
export type ChooseDevice = (name: string | undefined) => Promise<ChosenDevice>;

/** `onnx`, or where it was chosen `onnx (the fastest here)`. */
export const inWords = ({ device, deviceReason }: ChosenDevice): string =>
  deviceReason === undefined ? device : `${device} (${deviceReason})`;
