import { posix, relative } from 'node:path';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import { packageOf, refusal } from './test/architecture/import-table.ts';

/**
 * Holds every import against the table of who may import whom.
 * @type {import('eslint').Rule.RuleModule}
 */
const importZones = {
  meta: { type: 'problem', schema: [], messages: { zone: '{{message}}' } },
  create(context) {
    const file = relative(import.meta.dirname, context.filename).replaceAll('\\', '/');
    function check(node, source) {
      if (typeof source !== 'string') return;
      const imported = source.startsWith('.')
        ? posix.normalize(posix.join(posix.dirname(file), source))
        : packageOf(source);
      const message = refusal(file, imported);
      if (message !== undefined) context.report({ node, messageId: 'zone', data: { message } });
    }
    function checkSource(node) {
      check(node, node.source?.value);
    }
    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: checkSource,
      TSImportType: checkSource,
      // Whatever it is called, a function that `createRequire` made has `require` in its name.
      'CallExpression[callee.name=/require/i]': (node) => check(node, node.arguments[0]?.value),
      'CallExpression[callee.callee.name="createRequire"]': (node) => check(node, node.arguments[0]?.value),
    };
  },
};

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { layerbench: { rules: { 'import-zones': importZones } } },
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'layerbench/import-zones': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export by name.' }],
      'func-style': ['error', 'declaration'],
    },
  },
  {
    files: ['src-renderer/**/*.vue'],
    extends: [...tseslint.configs.strictTypeChecked, ...vue.configs['flat/recommended']],
    plugins: { layerbench: { rules: { 'import-zones': importZones } } },
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'layerbench/import-zones': 'error',
      'func-style': ['error', 'declaration'],
      // The formatter has the last word on how markup is broken into lines.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      // Types say which properties may be left out.
      'vue/require-default-prop': 'off',
    },
  },
  {
    files: ['src-main/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    // A component is what its file exports.
    files: ['*.config.ts', '*.config.mjs', 'src-renderer/vue-files.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
