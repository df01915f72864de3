// Zero warnings. Types are the compiler's affair; here are the rules that a compiler does not have.
import tseslint from 'typescript-eslint';

const hidden = 'Randomness and clock are arguments: use the context.';

export default tseslint.config(
  { ignores: ['dist', '.kith', '.peers', 'node_modules'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['nodes/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: hidden },
        { object: 'Date', property: 'now', message: hidden },
      ],
      'no-restricted-syntax': ['error', { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: hidden }],
    },
  },
  {
    files: ['engine/**/*.ts', 'engine/**/*.tsx', 'cache/**/*.ts', 'nodes/**/*.ts'],
    ignores: ['engine/cli/**', 'engine/dashboard/**', 'nodes/bin.ts'],
    rules: { 'no-console': 'error' },
  },
);
