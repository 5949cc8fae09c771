"use strict";
// Shows the document of the chosen microversion; what is tried out is asked at that version.
(async () => {
  const chooser = document.getElementById("version");
  const token = document.getElementById("token");

  function show() {
    const version = chooser.value;
    SwaggerUIBundle({
      dom_id: "#document",
      url: "../openapi.json" + (version ? "?version=" + version : ""),
      docExpansion: "none",
      validatorUrl: null,
      requestInterceptor(request) {
        if (version && !request.loadSpec) {
          request.headers["X-OpenStack-Ironic-API-Version"] = version;
        }
        if (token.value) {
          request.headers["X-Auth-Token"] = token.value;
        }
        return request;
      },
    });
  }

  const minor = (version) => Number(version.split(".")[1]);
  const root = await (await fetch("../", { headers: { Accept: "application/json" } })).json();
  const { version: last, min_version: first } = root.default_version;
  for (let number = minor(last); number >= minor(first); number--) {
    chooser.add(new Option("1." + number));
  }
  chooser.addEventListener("change", show);
  chooser.value = last;
  show();
})();
