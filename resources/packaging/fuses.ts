import { type FuseConfig, FuseV1Options, FuseVersion } from '@electron/fuses';

/**
 * What Electron's program can no longer be talked into once the application is packaged: switches in the program
 * itself, which no argument and no variable turns back. https://www.electronjs.org/docs/latest/tutorial/fuses
 */
export const FUSES = {
  version: FuseVersion.V1,
  resetAdHocDarwinSignature: true,
  // A fuse that a later Electron adds has to be decided here before anything is packaged with it.
  strictlyRequireAllFuses: true,
  // What prepares and trains is forked by the host, and runs on Electron's own Node.
  [FuseV1Options.RunAsNode]: true,
  [FuseV1Options.EnableCookieEncryption]: true,
  // Code that somebody else has put into the environment or the arguments.
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // Files that were changed after packaging, where the system's package holds their checksums.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // The page has a protocol of its own.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // Electron's default: the augmentation's kernel is WebAssembly.
  [FuseV1Options.WasmTrapHandlers]: true,
} as const satisfies FuseConfig;
