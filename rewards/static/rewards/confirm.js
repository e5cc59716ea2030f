// Confirming a receipt in the payee's own app. WeChat offers its bridge to pages that it has opened itself.
const word = document.getElementById("only-in-app");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm-in-app]");
  if (!button) return;
  const bridge = window.WeixinJSBridge;
  if (!bridge) {
    word.hidden = false;
    return;
  }
  const { merchant, app, package: given } = button.dataset;
  // What came of it, the provider tells us itself: the list asks for itself every second.
  bridge.invoke("requestMerchantTransfer", { mchId: merchant, appId: app, package: given }, () => {});
});
