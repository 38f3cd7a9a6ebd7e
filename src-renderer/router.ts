import { createRouter, createWebHashHistory } from 'vue-router';

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

router.afterEach((to) => {
  document.title = typeof to.meta['title'] === 'string' ? `${to.meta['title']} – Layerbench` : 'Layerbench';
});
