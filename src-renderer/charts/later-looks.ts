import type { RunLook, ThemeName } from './palette.ts';

/**
 * Colours and the first letters of their marks, from the eighth run on. Found one after the other among the colours
 * that have a contrast of at least 3:1 to the background (WCAG 2.2, 1.4.11): always the colour and mark that are the
 * farthest from all before, in OKLab, as they are seen with full colour vision, protanopia and deuteranopia (after
 * Machado, Oliveira and Fernandes, 2009). Distances to people with red-green blindness count for twice as much between
 * looks of one mark, and for nearly three times as much between others: for as much as to everyone there is no room.
 */
const FOUND: Readonly<Record<ThemeName, string>> = {
  light: `
    fe4191c 0e2dfbt 002404r ed13fbd d02010c 2a669ft 024d3fr ad7f9dd 160344c 941862t 7c7bffr 5d05a4d fb5a06c
    9c613ft c822a2r 885783d 3aa85bc 524866r bd72det 6830fbd 462e17c 5e5f3er 070cc2t 270b15d 3c086bc b41dfct
    c75374r 727b7cd 0c2b3ec 4963den 3d3fbbt 66176br 8074bdd d07e62t 020171n 8a0193c 761631d 9e141ec 779982n
    f23ec6r 7707cfr 493687t 4990e8n 6c8e03d 3c2a51t 005578c e71960d 1484adn 97464fc 424e08r 596475t 4b05e3r
    743981d 6b5aafc 746d04n c359b0t 3302a2r fb1601d c918d5c 00182bn 330e3ct 510200d 2e918cr 8d5bedc db5645r
    8f26f3n 0e6c54d 203e52n a27f6fc 1b1d5ct 723855d 6d3cabt 7693acr 342127c 594329n aa4298n a5679fd c22d6dt
    997c3cc e755f1d 3749e3r cb75b0t 14499er 1b912en 5c538bc 4c7466t b655dcr 1f5dc2d 46712bc a187d0d 5f42d3n
    203b26t 191606n a41591c 076dfdr 6f4a47t 270a7fr 0d2ea3d 1d7ccdn 582e5bc 0e5e2bt 8d5406r af27b9d a902d9c
    cd6722n ee148fr 272a0at 61854ed 4f2f3cn 8e5ebfc 4806bat ea5074r 354c52n e4639ct b8323fd 65114ar 4b0750c
    500c7fd 7818a9n 5e78d9t 293e70c da2dc1r 410620d db737dn 943b84r 735d58n 8e4328d 2822d3c 786a89t b2854fd
    9812b1c 2d0255r 8b1a43c 682d18d 5250ffn 7f8462t 7987dec 403c06t 488ec5n 7748ebr d942a4d 7e0600n 7d0563t
    ab1d72c 804668d 315d65r 001845r 849b11t 836e51c 030f8an c16c65t 4b1d1fr 5f3c41d 6b5dcft a16f86n b05b64c
    3e2595r 9a43e2d 257494n 918292c cd8432t e23439n 312272r 71954ac 1e1928t 424b9cd 0f3805r 70248cd 3c4434c
    a568f9n 09201er 4a5e20d c94828t 062d59n 1d0166c 220433t 5d6fa6r 4d57b7n 5886a6c 01034fd 0c04e9t 8e88b7d
    282047r 89217an 2086f6t 687c02r 133abec 67020cd 3d110cc 8971e5n 9d36a5t 6f8dfer 5d2e7bd
  `,
  dark: `
    297613c bd10f2t fd36acr 498c97d f7bbc7c 2ffe7et 9a7d22r f54748d 8f68cbc 7bbfe7t c0149ar babc66d f0f2ccc
    be8681t 30a054c 626652r 4990e8d da62f5t f88cccr bf4306d 0e6a9bc 8fd718t a8e9a9r cd1755d 852df9c 86af17t
    c967acd bab5afc fe938br ffb707n c4c9fct 8e92c2n bcff6br 847381c 9e3bc3d 4be1c9t 98a574d ed13fbr 945a38n
    645db1t 2cb2bfc efba87r cf40c8d c76b3fn f8dbf9c 037465t 616bfad 2fc646r 6a8b63n 984493c cd90b8t a8d8dbr
    df2187d 237fc0n f767cfr 9c6bffc d3a46et d9a8efd ebf990n 54e594c 94cf9ft c1dc63r 2da58bd bbfff0n 6a7b27t
    cfd1acd b775e4c e2805en a39ca1c 5fa5ded 4a7180r f9d6bfn db6371r 7454d6t 948574c b156b7n a87abdt 86f71br
    a2a8e6c f47a91d 62d9edn 81fda0t 0ae442d 9d6098t fadb86r 25855bc d583dad 5250ffr e13a01n b250ect 92d36cc
    b58452r f7f941d 5e78d9n 358f1cc cee5d7t 78ba6ar 76b5a4d d79d9ct c8b5d6n b05e51c dbb024n a57795r b6921ed
    43fee2c 4c6f38t f67ffer 11ced6d a113e3c 6b8ab2r f7b4f0n 8085dct ddc741d 44b14en f89fbbr cdf4b8t 71a765c
    b03c4et 7d987dn 7a6368d 6c76a3c daf3fer 91715dt bc3181n afe415d d8c0b7r ca7ffec 92c1bad 8152a2n a1bdf9c
    b66277t c0a535d 958a9dn 8d8e17t eb5a9dn 749eacn 9fb789r 9147e9r 1fd68fc f2a15ac f2a997d b528d1t ccd6ead
    d2538dc 8264e7r cb3ca7c 668f33d b889cdt 97b1cdn 51b48dd f233d6r 84648bn ec6848t 466cc8t d8d27ad a63e76r
    d13747r 85eecbn ab3ba5c 9df168c f3597cn bc4c75r 4e53e0t ad7968d 75c73ac 0d93can d77cb1d 9e8fe9r 826624c
    a9defet ba02b4t 78d1c0d bf9ed9t cf798er 3ef8bac 16a1e9d c1f092n 96fedbr c02719n cc8e6bc 6885f6r 25c475t
    439db1c d98941d 6c4cefn e91a52t ad9fc0d 10b8der 7b4cbcn a362e2c aedbb6t dbeb56r f6a2fbc
  `,
};

const MARKS: Readonly<Record<string, RunLook['mark']>> = {
  n: 'none',
  c: 'circle',
  t: 'triangle',
  r: 'rect',
  d: 'diamond',
};

/** What runs look like beyond those few whose colours everyone can tell apart. */
export function laterLooks(theme: ThemeName): RunLook[] {
  return FOUND[theme]
    .trim()
    .split(/\s+/)
    .map((found) => ({ color: `#${found.slice(0, 6)}`, mark: MARKS[found.slice(6)] ?? 'none' }));
}
