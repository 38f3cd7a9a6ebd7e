/** What pages and Node both have, of all that the language itself has not. */

/** Base64 of a text of which each character stands for a byte, 0 to 255. */
declare function btoa(bytes: string): string;
