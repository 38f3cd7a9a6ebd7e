import { createRouter, createWebHashHistory, type RouteLocationNormalized } from 'vue-router';
import { comparedMetrics, comparedRuns } from './stores/comparison.ts';
import { useCurveAnswers } from './stores/curve-answers.ts';
import { useMessages } from './stores/messages.ts';
import { useRuns } from './stores/runs.ts';

/** Every page by its address. What a page shows stands in its address too: it can be kept, and shared. */
export const router = createRouter({
  // A page of the own protocol has no server to ask for paths.
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'start', component: () => import('./pages/StartPage.vue'), meta: { title: 'Start' } },
    { path: '/runs', name: 'runs', component: () => import('./pages/RunsPage.vue'), meta: { title: 'Runs' } },
    {
      path: '/runs/:id',
      name: 'run',
      component: () => import('./pages/RunPage.vue'),
      meta: { title: 'Run' },
    },
    {
      path: '/launch',
      name: 'launch',
      component: () => import('./pages/LaunchPage.vue'),
      meta: { title: 'New run' },
    },
    {
      path: '/queue',
      name: 'queue',
      component: () => import('./pages/QueuePage.vue'),
      meta: { title: 'Queue' },
    },
    {
      path: '/compare',
      name: 'compare',
      component: () => import('./pages/ComparePage.vue'),
      beforeEnter: askForCurves,
      meta: { title: 'Compare' },
    },
    {
      path: '/study',
      name: 'study',
      component: () => import('./pages/StudyPage.vue'),
      meta: { title: 'Study' },
    },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});

/** The host reads the curves while the page is being made. */
function askForCurves({ query: { runs, x } }: RouteLocationNormalized): void {
  if (typeof runs !== 'string') return;
  const known = useRuns().byId;
  const ids = comparedRuns(runs).filter((id) => known.has(id));
  if (ids.length > 0) useCurveAnswers().askAhead(ids, comparedMetrics(typeof x === 'string' ? x : undefined));
}

/** Pages that are not open yet are fetched while nothing else is to do: the first look at each is then at once. */
export function fetchOtherPages(): void {
  const pages = router.getRoutes().flatMap(({ components }) => Object.values(components ?? {}));
  function next(): void {
    const page = pages.shift();
    if (page === undefined) return;
    // Each is a function that loads it, until it has been loaded.
    if (typeof page === 'function') void Promise.resolve((page as () => unknown)()).finally(wait);
    else wait();
  }
  function wait(): void {
    // Not every browser has it.
    if ('requestIdleCallback' in window) requestIdleCallback(next, { timeout: 5000 });
    else setTimeout(next, 500);
  }
  wait();
}

router.onError((_error, to) => {
  // Its files are fetched from where the page came from: gone with it, or replaced by those of a newer version.
  useMessages().say({
    kind: 'error',
    text: `${nameOf(to)} could not be loaded. Load the window anew once Layerbench answers again.`,
    action: {
      label: 'Load anew',
      act: () => {
        window.location.reload();
      },
    },
  });
});

router.afterEach((to) => {
  document.title = `${nameOf(to)} – Layerbench`;
});

function nameOf({ meta }: RouteLocationNormalized): string {
  return typeof meta['title'] === 'string' ? meta['title'] : 'The page';
}
