namespace ServiceProviderOcm.Sandbox.StandIns;

/// <summary>Something that may be held back, and let go when it has seen enough. Open at first.</summary>
public sealed class Gate(Action opened)
{
    private volatile bool _isClosed;

    /// <summary>Whether work may go on.</summary>
    public bool IsOpen => !_isClosed;

    /// <summary>Holds back what has not begun.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Lets everything go on.</summary>
    public void Open()
    {
        _isClosed = false;
        opened();
    }
}
