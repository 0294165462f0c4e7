const { html, page } = require('../page')

exports.shop = ({ goods, countries, cart, country, orders }) => {
  const rows = [...goods].map(([item, { name, price }]) => ({ item, name, price, quantity: cart[item] ?? 0 }))
  const sum = rows.reduce((total, { price, quantity }) => total + price * quantity, country?.postage ?? 0)
  return page(
    'Tea shop',
    html`<ul class="items">${rows.map(itemRow)}</ul>
      <form class="row" method="post" action="/country">
        <label>Send to <select name="country">${[...countries].map(([code, { name }]) => html`<option value="${code}">${name}</option>`)}</select></label>
        <button class="quiet">Ask for the postage</button>
      </form>
      <dl>
        <dt>Postage${country && html` to ${country.name}`}</dt><dd id="postage">${country?.postage ?? '-'}</dd>
        <dt>Sum</dt><dd id="sum">${sum}</dd>
        <dt>Orders</dt><dd id="orders">${orders}</dd>
      </dl>
      <form method="post" action="/order"><button>Order</button></form>
      <p class="hint">Open this page in two tabs. Ask for the postage in one of them, which takes a second, and fill the cart
        in the other one meanwhile.</p>`,
    { wide: true },
  )
}

exports.message = (text) => page(text, html`<p><a href="/">Back to the shop</a></p>`)

const itemRow = ({ item, name, price, quantity }) => html`<li class="row">
    <span>${name}, ${price}</span>
    <form class="row" method="post" action="/cart">
      <input type="hidden" name="item" value="${item}">
      <button class="quiet" name="change" value="remove" aria-label="One ${name} less" ${quantity === 0 && html`disabled`}>-</button>
      <output id="${item}">${quantity}</output>
      <button class="quiet" name="change" value="add" aria-label="One ${name} more">+</button>
    </form>
  </li>`
