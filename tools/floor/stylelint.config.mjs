// What a style sheet may use: Chromium 109. A rule inside @supports is not asked: browsers without it never read it.
export default {
  plugins: ["stylelint-no-unsupported-browser-features"],
  rules: { "plugin/no-unsupported-browser-features": [true, { browsers: ["Chrome >= 109"], ignorePartialSupport: true }] },
};
