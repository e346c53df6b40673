<%@ WebHandler Language="C#" Class="PushSite.PushHandler" %>
