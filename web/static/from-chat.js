// A phone that read the picture on the client's page brings the words behind the address. They go into the field and out of the history.
const code = document.getElementById("code");
if (code?.form && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1)).replaceAll("-", " ");
  history.replaceState(null, "", location.pathname);
}
