// What script may use: Chromium 109 (browserslist in package.json). Only that is asked here; style is asked of nobody.
import compat from "eslint-plugin-compat";

export default [
  {
    ...compat.configs["flat/recommended"],
    languageOptions: { ecmaVersion: 2022, sourceType: "script" },
    linterOptions: { reportUnusedDisableDirectives: "off", noInlineConfig: true },
  },
];
