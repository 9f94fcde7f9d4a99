// whatsapp-web.js brings puppeteer, whose install step would download a browser: the one on the machine is used instead.
module.exports = { skipDownload: true }
