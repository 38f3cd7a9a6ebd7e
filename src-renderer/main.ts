import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { fetchOtherPages, router } from './router.ts';
import { vuetify } from './theme/vuetify.ts';
import './theme/page.css';

createApp(App).use(createPinia()).use(router).use(vuetify).mount('#app');
void router.isReady().then(fetchOtherPages);
