// The page begins here.
import { mount } from 'svelte'
import App from './App.svelte'
import { desk } from './desk.svelte.ts'
import { openBridge } from './bridge/index.ts'

const target = document.getElementById('app')
if (target) {
  desk.connect(await openBridge())
  mount(App, { target })
  void desk.openArguments()
}
