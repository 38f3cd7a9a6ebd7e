import { z } from 'zod';

/** A named attribute of a kernel; `type` is one of the binding's `TF_ATTR_…` numbers. */
export interface KernelAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

/** What comes out of a kernel: the number by which the binding knows the tensor. */
export interface KernelOutput {
  readonly id: number;
}

/**
 * The native binding of tfjs-node: TensorFlow's eager kernels by name, tensors by number. Every number it gives has to
 * be given back with `deleteTensor`.
 */
export interface TensorFlowBinding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_UINT8: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  isUsingGpuDevice(): boolean;
  /** The array may be used in place, and is held, for as long as the tensor or one that shares its buffer lives. */
  createTensor(
    shape: readonly number[],
    type: number,
    values: Float32Array | Int32Array | Uint8Array,
  ): number;
  deleteTensor(id: number): void;
  /** Waits for the tensor and copies it. */
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(
    kernel: string,
    attributes: readonly KernelAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): KernelOutput[];
}

const NUMBERS = [
  'TF_FLOAT',
  'TF_INT32',
  'TF_UINT8',
  'TF_ATTR_STRING',
  'TF_ATTR_INT',
  'TF_ATTR_FLOAT',
  'TF_ATTR_BOOL',
  'TF_ATTR_TYPE',
  'TF_ATTR_SHAPE',
] as const satisfies readonly (keyof TensorFlowBinding)[];

const FUNCTIONS = [
  'isUsingGpuDevice',
  'createTensor',
  'deleteTensor',
  'tensorDataSync',
  'executeOp',
] as const satisfies readonly (keyof TensorFlowBinding)[];

function isBinding(candidate: unknown): candidate is TensorFlowBinding {
  if (typeof candidate !== 'object' || candidate === null) return false;
  return (
    kindOf(candidate, 'TF_Version') === 'string' &&
    NUMBERS.every((name) => kindOf(candidate, name) === 'number') &&
    FUNCTIONS.every((name) => kindOf(candidate, name) === 'function')
  );
}

function kindOf(owner: object, name: string): string {
  return typeof (Reflect.get(owner, name) as unknown);
}

/** What the native module of tfjs-node has to give. */
export const TensorFlowModule = z.custom<TensorFlowBinding>(
  isBinding,
  'It lacks functions of the native binding.',
);
