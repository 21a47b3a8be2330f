/**
 * What JSX becomes in the bundle (build.mjs puts it in the place of preact/jsx-runtime): Preact's own runtime carries
 * templates and development checks that the chat does not use.
 */
import { type ComponentType, createElement, Fragment, type VNode } from "preact";

type Props = Record<string, unknown>;

export function jsx(type: string, props: Props, key?: string | number): VNode<Props> {
  return createElement(type as unknown as ComponentType<Props>, key === undefined ? props : { ...props, key });
}

export { Fragment, jsx as jsxs };
