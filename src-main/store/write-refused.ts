import { type DiskFault, diskFaultWords } from '../../src-preload/contract/disk-fault.ts';
import { UserError } from '../../src-preload/contract/errors.ts';

/** What a disk has refused to take into the store, and may take another time: nothing of it was written. */
export class WriteRefused extends UserError {
  readonly fault: DiskFault;

  constructor(file: string, fault: DiskFault) {
    super(
      `The store ${file} cannot be written: ${diskFaultWords(fault)}. ${fault === 'full' ? 'Free some space; what was kept before is whole.' : 'What was kept before is whole.'}`,
    );
    this.fault = fault;
  }
}
