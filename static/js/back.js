// The way back from a session leads to the list as it was left: with its search, its filters and its page.

const left = sessionStorage.getItem("list-left");
if (left) document.querySelector("a.back").search = left;
