// Shows the contract in the page. Swagger UI stands before this in the same file.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

const plugin = ({ React }) => ({
  components: {
    // The path of an operation would be a link within a button, which no keyboard reaches; opening
    // the operation changes the address all the same.
    DeepLink: ({ text }) => React.createElement('span', null, text),
    // There is one server, which is the one that this page came from.
    ServersContainer: () => null,
  },
  statePlugins: {
    spec: {
      wrapSelectors: {
        // Examples of headers would be filled in, and a precondition or a key for repeating a write
        // that nobody chose gives answers that nobody expects.
        parameterWithMetaByIdentity:
          (original) =>
          (...given) => {
            const parameter = original(...given);
            return parameter?.get('in') === 'header' ? parameter.delete('example') : parameter;
          },
      },
    },
  },
  // Names for whoever hears the page.
  wrapComponents: {
    TextArea: (Original) => (props) =>
      React.createElement(Original, { 'aria-label': 'Body', ...props }),
    Button: (Original) => (props) =>
      React.createElement(
        Original,
        typeof props.children === 'string' ? { ...props, 'aria-label': undefined } : props,
      ),
    CloseIcon: (Original) => (props) =>
      React.createElement(Original, { ...props, role: 'img', 'aria-hidden': false, 'aria-label': 'Close' }),
  },
});

SwaggerUIBundle({
  dom_id: '#contract',
  url: new URL('openapi.yaml', document.baseURI).href,
  plugins: [plugin],
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  showExtensions: true,
  syntaxHighlight: { theme: 'nord' },
  tryItOutEnabled: true,
  // Nothing is sent anywhere but to this service.
  validatorUrl: null,
});
