namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>A scene does not end as it should; the message says what is missing, in one line.</summary>
internal sealed class SceneException(string message) : Exception(message);
