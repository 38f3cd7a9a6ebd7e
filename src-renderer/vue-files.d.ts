// What a linter takes a component to be; the compiler of the components knows better.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
